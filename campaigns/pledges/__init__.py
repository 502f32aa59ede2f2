"""Initiative letters, pledge templates and signatures."""
