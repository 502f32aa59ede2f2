"""Every write of initiatives, pledges and signatures."""
