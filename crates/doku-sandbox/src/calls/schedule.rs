//! When notifications are sent: as their time comes, or at once because the clock was moved.

use std::sync::Arc;
use std::time::Duration;

use crate::desk::Desk;

impl Desk {
    /// Makes every attempt that is due now; when this ends, they have been made, by whomever.
    pub(crate) async fn deliver_due(&self) {
        self.send_due().await;
        // What somebody else has taken is no longer due, and perhaps not over.
        for record in self.outbound.notifications.all() {
            let _over = record.sending.lock().await;
        }
    }

    /// Moves the clock, and ends once what became due was sent.
    pub(crate) async fn move_clock(self: &Arc<Self>, by: Duration) {
        self.clock.advance(by);
        self.changed();
        // Whoever moves the clock wants to see what that brought about, and may go away meanwhile.
        let due = Arc::clone(self);
        let delivered = tokio::spawn(async move { due.deliver_due().await });
        let _ended = delivered.await;
    }

    /// Takes every move of the clock back.
    pub(crate) fn set_clock_back(&self) {
        self.clock.reset();
        self.changed();
        self.outbound.bell.notify_one();
    }

    async fn send_due(&self) {
        loop {
            let due = self.outbound.notifications.due(self.clock.now());
            if due.is_empty() {
                return;
            }
            for record in due {
                self.deliver_scheduled(&record).await;
            }
        }
    }
}

/// Makes the scheduled attempts as their time comes, for ever.
pub(crate) async fn keep_schedule(desk: Arc<Desk>) {
    loop {
        desk.send_due().await;
        let now = desk.clock.now();
        let due = desk.outbound.notifications.next_due();
        let rung = desk.outbound.bell.notified();
        match due {
            None => rung.await,
            Some(due) => {
                let wait = Duration::try_from(due - now).unwrap_or_default();
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = rung => {}
                }
            }
        }
    }
}
