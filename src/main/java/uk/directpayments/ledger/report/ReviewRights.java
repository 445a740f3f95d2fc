package uk.directpayments.ledger.report;

import uk.directpayments.ledger.kernel.LegalBasis;

/** What somebody can do who disagrees with a decision, by the law that it was made under. Rulebook 1.3 to 1.6, 4.3. */
final class ReviewRights {

    private ReviewRights() {}

    /** After a refusal. */
    static void ofRefusal(Document document, LegalBasis basis, String contact) {
        document.heading("If you do not agree")
                .paragraph("You can ask us to look at this decision again. Tell " + contact
                        + " that you want this, and why you think that the decision should be different. You can send us new"
                        + " information. Somebody will tell you in writing what came of it, and why.")
                .paragraph(law(basis));
        further(document, basis);
    }

    /**
     * After a decision that money is to be paid back.
     *
     * @param used whether it has been looked at again already
     */
    static void ofRepayment(Document document, LegalBasis basis, boolean used, String contact) {
        document.heading("If you do not agree");
        if (used) {
            document.paragraph(
                    "We have looked at this decision again once already, so we will not do so a second time.");
        } else {
            document.paragraph("You can ask us, once, to look at this decision again. Tell " + contact
                    + " that you want this, and why, before the day by which the money is due. You can send us receipts or other"
                    + " papers that we have not seen. Somebody will tell you in writing what came of it, and why.");
        }
        further(document, basis);
    }

    private static String law(LegalBasis basis) {
        return switch (basis) {
            case SEN_S49 ->
                "The law gives you this right: the Special Educational Needs (Personal Budgets) Regulations 2014 say that we"
                        + " must give you reasons in writing, and look at a refusal again if you ask.";
            case NHS_12A ->
                "The law gives you this right: the National Health Service (Direct Payments) Regulations 2013 say that we must"
                        + " give you reasons, and look at a refusal again if you ask.";
            case CHILD_S17A ->
                "This decision was made under section 17A of the Children Act 1989. Not getting a direct payment does not"
                        + " change what help the child should have: the council can arrange it in another way.";
            case ADULT_CARE_ACT ->
                "This decision was made under the Care Act 2014. Not getting a direct payment does not change what help you"
                        + " should have: the council can arrange it in another way.";
            case TRAVEL ->
                "This decision was made under the council’s policy for travel to school. Not getting a travel budget does not"
                        + " change whether there is a right to transport.";
        };
    }

    private static void further(Document document, LegalBasis basis) {
        String ombudsman = basis == LegalBasis.NHS_12A
                ? "If that does not settle it, you can go to the Parliamentary and Health Service Ombudsman."
                : "If that does not settle it, you can go to the Local Government and Social Care Ombudsman.";
        document.paragraph("You can also make a complaint to us at any time. " + ombudsman
                + " It costs nothing. Somebody you trust may do all this for you.");
    }
}
