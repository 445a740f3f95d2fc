package uk.directpayments.ledger.platform;

import org.junit.jupiter.api.Nested;
import uk.directpayments.ledger.support.OnAxonServer;

/** What holds of keys, streams and automations on PostgreSQL holds on Axon Server. */
class AxonServerContractTest {

    @Nested
    @OnAxonServer
    class Keys extends IdempotencyTest {}

    @Nested
    @OnAxonServer
    class WrittenStreams extends StreamsTest {}

    @Nested
    @OnAxonServer
    class Automated extends AutomationTest {}
}
