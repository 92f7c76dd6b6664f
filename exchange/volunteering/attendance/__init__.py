"""Who came and for how long: attendance, hours, certificates, and what goes to the national system.

Who organised it records it, and who recorded it certifies it (谁组织谁记录，谁记录谁证明).
"""
