"""What every list offers beyond its rows: saved views, and export as a job."""
