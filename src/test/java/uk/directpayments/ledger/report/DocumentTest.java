package uk.directpayments.ledger.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DocumentTest {

    @Test
    void whatSomebodyWroteInSeveralLinesStaysInSeveralLinesAndIsNoMarkup() {
        Document document = new Document("Refusal")
                .paragraph("Not in the plan.\r\nNot <b>needed</b>.\n")
                .facts("Reasons", "One\nTwo", "Conditions", "");
        assertThat(document.html())
                .contains("<p>Not in the plan.<br/>Not &lt;b&gt;needed&lt;/b&gt;.</p>")
                .contains("<td>One<br/>Two</td>")
                .doesNotContain("Conditions");
    }
}
