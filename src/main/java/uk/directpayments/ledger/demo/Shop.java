package uk.directpayments.ledger.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where synthetic people spend.
 *
 * @param mcc merchant category code (ISO 18245); null where no card is used
 * @param type how: {@code PURCHASE}, {@code CASH}, {@code FEE}, {@code TRANSFER}
 */
record Shop(String payee, String category, @Nullable String mcc, String type) {

    /** Merchant categories that the synthetic plans allow by name: sport, travel, stationery. */
    static final String[] PLANNED = {"7997", "7922", "4121", "4131", "5541", "5943"};

    static final Shop BETTING = new Shop("TESTBET BETTING SHOP", "UNCLASSIFIED", "7995", "PURCHASE");
    static final Shop OFF_LICENCE = new Shop("SAMPLE OFF-LICENCE", "UNCLASSIFIED", "5921", "PURCHASE");
    static final Shop CASH_MACHINE = new Shop("CASH MACHINE TEST STREET", "CASH", "6011", "CASH");
    static final Shop AGENCY = new Shop("Placeholder Care Agency", "CARE_AND_SUPPORT", "8398", "PURCHASE");
    static final Shop SUPERMARKET = new Shop("DEMO SUPERMARKET", "ACTIVITIES", "5411", "PURCHASE");
    static final Shop STATIONERS = new Shop("DEMO STATIONERS", "EQUIPMENT", "5943", "PURCHASE");
    static final Shop ASSISTANT = new Shop("Pat Placeholder, personal assistant", "WAGES", null, "TRANSFER");
    static final Shop COUNCIL = new Shop("Synthetic Council", "RETURNED_TO_COUNCIL", null, "TRANSFER");

    static final List<Shop> CARE = List.of(
            AGENCY,
            new Shop("Specimen Home Helpers", "CARE_AND_SUPPORT", "8398", "PURCHASE"),
            new Shop("Example Leisure Centre", "ACTIVITIES", "7997", "PURCHASE"),
            new Shop("SAMPLE THEATRE", "ACTIVITIES", "7922", "PURCHASE"),
            new Shop("TEST CHILDMINDERS", "CARE_AND_SUPPORT", "8351", "PURCHASE"));

    static final List<Shop> WAGES = List.of(
            ASSISTANT,
            new Shop("Robin Specimen, personal assistant", "WAGES", null, "TRANSFER"),
            new Shop("Sample Payroll Bureau", "PAYROLL", null, "TRANSFER"));

    static final List<Shop> LEARNING = List.of(
            new Shop("Example Tutors", "TUITION", "8299", "PURCHASE"),
            new Shop("Sample Speech Therapy", "THERAPY", "8011", "PURCHASE"),
            STATIONERS);

    static final List<Shop> HEALTH = List.of(
            new Shop("Placeholder Nursing Agency", "NURSING", "8099", "PURCHASE"),
            new Shop("Dr Specimen, physiotherapy", "THERAPY", "8011", "PURCHASE"),
            new Shop("TEST PHARMACY", "EQUIPMENT", "5912", "PURCHASE"));

    static final List<Shop> TRAVEL = List.of(
            new Shop("TEST TAXIS", "TRANSPORT", "4121", "PURCHASE"),
            new Shop("SAMPLE BUSES", "TRANSPORT", "4131", "PURCHASE"),
            new Shop("DEMO FUEL STATION", "TRANSPORT", "5541", "PURCHASE"));
}
