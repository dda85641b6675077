//! A load, and the moment in it when the server is killed: told by what has happened so far, and never by a clock.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use crate::draws::Draws;
use crate::world::World;

/// How many requests are under way at a time.
const IN_FLIGHT: usize = 16;

/// What has to have happened.
#[derive(Debug, Clone, Copy)]
pub(crate) enum When {
    /// So many requests were begun: the last of them is on its way.
    Begun(usize),
    /// So many had a good answer: the others are anywhere between the first byte and the last.
    Answered(usize),
    /// DOKU has made so many accounts, the answers to which it may be holding back.
    Made(usize),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) when: When,
    /// So many short calls to somebody else later.
    later: u64,
    /// Whether the server comes back while the load goes on.
    at_once: bool,
}

impl Moment {
    pub(crate) fn of(when: When, draws: &mut Draws) -> Self {
        Self {
            when,
            later: draws.below(6),
            at_once: draws.one_in(2),
        }
    }

    fn pass(&self, world: &World) {
        for _ in 0..self.later {
            world.look("clock");
        }
    }
}

#[derive(Default)]
struct Progress {
    begun: usize,
    answered: usize,
    over: bool,
}

/// Does the jobs, several at a time, and kills the server at the moment, once. Work says whether it had a good answer.
pub(crate) fn under_kill<J: Sync, T: Send>(
    world: &World,
    jobs: &[J],
    moment: &Moment,
    work: impl Fn(&J) -> (T, bool) + Sync,
) -> Vec<T> {
    let progress = Mutex::new(Progress::default());
    let changed = Condvar::new();
    let change = |by: &dyn Fn(&mut Progress)| {
        by(&mut progress.lock().unwrap_or_else(PoisonError::into_inner));
        changed.notify_all();
    };
    let reached = |progress: &Progress| match moment.when {
        When::Begun(count) => progress.begun >= count,
        When::Answered(count) => progress.answered >= count,
        When::Made(_) => false,
    };
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let killer = scope.spawn(|| {
            match moment.when {
                When::Made(count) => {
                    let is_over = || progress.lock().unwrap().over;
                    // Each look is a call, which takes its time.
                    while world.accounts_at_doku(count - 1).is_empty() && !is_over() {}
                }
                When::Begun(_) | When::Answered(_) => {
                    let waiting = progress.lock().unwrap();
                    let waited = changed.wait_while(waiting, |now| !now.over && !reached(now));
                    drop(waited.unwrap());
                }
            }
            moment.pass(world);
            world.kill();
            if moment.at_once {
                world.start();
            }
        });
        let workers: Vec<_> = (0..IN_FLIGHT)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        change(&|progress| progress.begun += 1);
                        let (outcome, answered) = work(job);
                        if answered {
                            change(&|progress| progress.answered += 1);
                        }
                        done.push(outcome);
                    }
                    done
                })
            })
            .collect();
        let done: Vec<_> = workers
            .into_iter()
            .map(thread::ScopedJoinHandle::join)
            .collect();
        change(&|progress| progress.over = true);
        killer.join().unwrap();
        done.into_iter().flat_map(Result::unwrap).collect()
    })
}

/// DOKU's clock is moved, and the server is killed while DOKU tells what became due: after some of what is outstanding was heard.
pub(crate) fn advance_under_kill(world: &World, seconds: u64, draws: &mut Draws) {
    let outstanding = || {
        let told = world.notifications();
        let unheard = told.iter().filter(|told| told["acknowledged"] == false);
        unheard.count()
    };
    let left = draws.place(outstanding().max(1));
    let at_once = draws.one_in(2);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            world.advance(seconds);
            over.store(true, Ordering::Release);
        });
        // Each look is a call, which takes its time.
        while !over.load(Ordering::Acquire) {
            if outstanding() <= left {
                break;
            }
        }
        world.kill();
        if at_once {
            world.start();
        }
    });
    world.start();
}

/// DOKU's clock is moved while the server is dead: whatever became due was told to nobody.
pub(crate) fn advance_unheard(world: &World, seconds: u64) {
    world.kill();
    world.advance(seconds);
    world.start();
}
