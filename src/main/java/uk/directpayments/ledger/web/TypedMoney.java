package uk.directpayments.ledger.web;

import java.util.regex.Pattern;

/** An amount as people write it: £1,234.50. The API takes 1234.50. */
final class TypedMoney {

    /** Only what parts thousands is left out: in 620,00 the comma may stand for the point, so that is sent as it is, and refused. */
    private static final Pattern IN_THOUSANDS = Pattern.compile("-?\\d{1,3}(?:[, \u00a0]\\d{3})+(?:\\.\\d*)?");

    private TypedMoney() {}

    static String plain(String typed) {
        String amount = typed.strip().replace('\u2212', '-').replaceFirst("^(-?)\\s*£\\s*", "$1");
        return IN_THOUSANDS.matcher(amount).matches() ? amount.replaceAll("[, \u00a0]", "") : amount;
    }
}
