"""The pages of settings, in the order in which their addresses are looked for."""

from service.web.settings import audit, brands, interface, keys

ROUTERS = (brands.router, interface.router, keys.router, audit.router)
