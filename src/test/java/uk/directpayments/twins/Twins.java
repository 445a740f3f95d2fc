package uk.directpayments.twins;

import uk.directpayments.ledger.kernel.EventName;

final class Twins {

    @EventName("twins.happened")
    record One() {}

    @EventName("twins.happened")
    record Other() {}

    private Twins() {}
}
