package uk.directpayments.ledger.journeys;

import org.junit.jupiter.api.Nested;
import uk.directpayments.ledger.support.OnAxonServer;

/** What is told over HTTP on PostgreSQL is told on Axon Server. */
class AxonServerJourneysTest {

    @Nested
    @OnAxonServer
    class Year extends YearOfABudgetTest {}

    @Nested
    @OnAxonServer
    class Histories extends RandomHistoriesTest {}
}
