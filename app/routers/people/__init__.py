"""The doors to people: the list, how they join and leave, who follows whom."""

from app.routers.people import folk, handing_over, joining, own_data, protection

# In this order: /people/invitations before /people/{person}.
ROUTERS = (own_data.router, protection.router, joining.router, handing_over.router, folk.router)
