"""The simulated market: jobseekers, an office, providers, a purchaser, and the week they share."""
