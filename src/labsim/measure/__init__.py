"""What happened: indicators and tables from a run and its twin. Reads, never writes, the market."""
