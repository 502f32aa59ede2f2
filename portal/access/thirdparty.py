"""Every address that a library serves, with its access rule (design §8). Own views use decorators."""

RULES: dict[str, str] = {
    "account_login": "public",
    "account_logout": "public",
    "account_reauthenticate": "signed_in",
    "mfa_index": "signed_in",
    "mfa_authenticate": "public",
    "mfa_reauthenticate": "signed_in",
    "mfa_activate_totp": "signed_in",
    "mfa_deactivate_totp": "signed_in",
    "mfa_generate_recovery_codes": "signed_in",
    "mfa_view_recovery_codes": "signed_in",
    "mfa_download_recovery_codes": "signed_in",
}
