"""Procurement: who bids, what they ask and promise, and who wins."""
