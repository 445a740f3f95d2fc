package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.ADMIN;
import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.web.Form.Field.date;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.money;
import static uk.directpayments.ledger.web.Form.Field.of;
import static uk.directpayments.ledger.web.Form.Field.settings;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;
import uk.directpayments.ledger.web.Form.Kind;

/** What administrators do. */
final class AdminForms {

    private static final String PERSON = "/people/{personId}";
    private static final String ORGANISATION = "/organisations/{organisationId}";

    static final List<Form> ALL = List.of(
            Form.of("/policies/new", "Publish a policy", "Publish it", ADMIN)
                    .to("/policies")
                    .then("/policies/{version}")
                    .help(
                            "Only what changes is named; everything else stays as it is. A policy is never edited: the next one takes its"
                                    + " place.")
                    .fields(
                            date("effectiveFrom", "From which day?").from("today"),
                            settings("settings", "What changes?", "costCentres", "payerOrganisations")
                                    .hint(
                                            "One setting a line, for example surplusWeeks = 8, or mcc.5311.decision = ALLOWED. Where you have named a cost centre, a payer or"
                                                    + " a merchant, null takes it away"),
                            of(Kind.YES, "retrospective", "It also holds for days that have passed")
                                    .ifAny(),
                            text("reason", "Why?").ifAny()),
            Form.of("/organisations/new", "Register an organisation", "Register it", ADMIN)
                    .to("/organisations")
                    .then(ORGANISATION)
                    .fields(line("organisationId", "Identifier").ifAny(), line("name", "Name")),
            Form.of(ORGANISATION + "/appointments", "Appoint to an account", "Appoint", ADMIN)
                    .about(ORGANISATION)
                    .then(ORGANISATION)
                    .fields(
                            line("accountId", "Which account?"),
                            date("from", "From which day?").from("today")),
            Form.of(ORGANISATION + "/appointments/{accountId}/end", "End this appointment", "End it", ADMIN)
                    .aboutOne(ORGANISATION + "/accounts", "items")
                    .then(ORGANISATION)
                    .fields(date("to", "Last day").from("today")),
            Form.of(ORGANISATION + "/client-money", "Compare client money with the bank", "Compare", FINANCE, ADMIN)
                    .about(ORGANISATION)
                    .then(ORGANISATION)
                    .fields(
                            date("on", "At the end of which day?").from("today"),
                            money("bankBalance", "What the bank held for all clients")),
            Form.of(PERSON + "/erasure", "Erase this person", "Erase for ever", ADMIN)
                    .about(PERSON)
                    .then(PERSON)
                    .help(
                            "Names, payees and free text become unreadable in this ledger for ever, also after the restore of an older backup."
                                    + " Backups keep them until they are overwritten. Amounts, dates and categories stay. This cannot be"
                                    + " undone.")
                    .fields(text("reason", "Why?")
                            .hint("This survives: it must not say who the person was")
                            .ifAny()));

    private AdminForms() {}
}
