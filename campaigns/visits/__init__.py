"""Family visits (清廉家访): checklist, needs raised, follow-up."""
