"""The written regulations as versioned data: read, checked, published, compared, and priced into proposals.

Never decides a case and never knows the rooms above; the names they use are passed in.
"""
