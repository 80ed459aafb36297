"""The checks by subject; importing this registers all of them."""

from labsim.study.validation.checks import clients, contracts, later, outcomes, referral

__all__ = ["clients", "contracts", "later", "outcomes", "referral"]
