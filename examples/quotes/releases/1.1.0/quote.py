"""Release 1.1.0: several rebate codes at once, and a mistake: most customers have none."""

CENTS_A_PAGE = 4


def quote(pages, rebates):
    """Price in cents. The best of the customer's rebate codes counts."""
    price = pages * CENTS_A_PAGE
    best = sorted(rebates, reverse=True)[0]
    return price - price * best // 100
