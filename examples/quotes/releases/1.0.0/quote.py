"""Release 1.0.0: the price of a print job."""

CENTS_A_PAGE = 4


def quote(pages, rebates):
    """Price in cents. Customers with a rebate code get ten per cent off."""
    price = pages * CENTS_A_PAGE
    return price - price // 10 if rebates else price
