"""What lies on the desk beside a register: filters people kept, and files that are being taken in."""
