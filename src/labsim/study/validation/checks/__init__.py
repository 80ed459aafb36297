"""The checks by subject; importing this registers all of them."""

from labsim.study.validation.checks import (
    around,
    clients,
    contracts,
    later,
    outcomes,
    referral,
    tenders,
)

__all__ = ["around", "clients", "contracts", "later", "outcomes", "referral", "tenders"]
