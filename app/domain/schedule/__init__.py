"""The year's plan: the problem a hub poses, the plan that answers it, and the judge of both."""
