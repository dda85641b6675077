"""What JSON Schema cannot say of a request, kept out of what is sent as valid."""

from decimal import Decimal

import schemathesis


def fits(body):
    """Whether a body that the schema allows breaks no rule about two members."""
    if not isinstance(body, dict):
        return True
    bill = body.get("bill")
    limits = bill.get("limits") if isinstance(bill, dict) else None
    if isinstance(limits, dict) and limits.get("min") and limits.get("max"):
        return Decimal(limits["max"]) >= Decimal(limits["min"])
    return True


@schemathesis.hook
def filter_body(context, body):
    """Leaves out bodies that contradict themselves; what is sent as invalid is left alone."""
    try:
        return fits(body)
    except (ArithmeticError, TypeError):
        return True
