package uk.directpayments.ledger.budget;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.TestPostgres;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class BudgetJourneyTest {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.properties(registry);
    }

    @LocalServerPort
    int port;

    @Test
    void probe() {
        Caller finance = Caller.as("finance", port);
        System.err.println(finance.post(
                "/api/v1/people", "{\"personId\":\"P1\",\"name\":\"Ada\",\"dateOfBirth\":\"2012-01-01\"}"));
        System.err.println(
                finance.post(
                        "/api/v1/budgets",
                        "{\"budgetId\":\"B1\",\"personId\":\"P1\",\"legalBasis\":\"CHILD_S17A\",\"requestedOn\":\"2026-02-01\",\"requestedBy\":\"her mother\"}"));
        System.err.println(finance.get("/api/v1/budgets/B1"));
        System.err.println(finance.get("/api/v1/budgets?status=REQUESTED&personId=P1"));
    }
}
