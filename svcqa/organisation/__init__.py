"""Who is who over time, who may do what, how people sign in and how they are reached."""
