package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.web.util.HtmlUtils;
import uk.directpayments.ledger.kernel.Money;

/**
 * A paper for somebody who has never seen the ledger: a title, whom and what it is about, and below that headings, paragraphs, lists and tables,
 * in the order in which they are read aloud. Every text is taken as text. {@link DocumentPdf} writes it.
 */
final class Document {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.UK);

    private final String title;
    private final StringBuilder html = new StringBuilder(4_096);

    Document(String title) {
        this.title = title;
        html.append("<h1>").append(escaped(title)).append("</h1>");
    }

    String title() {
        return title;
    }

    /** What the paper holds, as HTML without head. */
    String html() {
        return html.toString();
    }

    Document heading(String words) {
        return element("h2", words);
    }

    Document paragraph(String words) {
        return element("p", words);
    }

    /** A paragraph that must not be overlooked. */
    Document notice(String words) {
        html.append("<p class=\"notice\">").append(lines(words)).append("</p>");
        return this;
    }

    Document bullets(String... each) {
        html.append("<ul>");
        for (String words : each) {
            element("li", words);
        }
        html.append("</ul>");
        return this;
    }

    /** Names and values, in turn; a pair without a value is left out. */
    Document facts(String... pairs) {
        html.append("<table class=\"facts\"><tbody>");
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i + 1].isBlank()) {
                html.append("<tr><th scope=\"row\">").append(escaped(pairs[i])).append("</th><td>");
                html.append(lines(pairs[i + 1])).append("</td></tr>");
            }
        }
        html.append("</tbody></table>");
        return this;
    }

    /** A table under its heads; the last {@code figures} columns stand to the right. */
    Table table(int figures, String... heads) {
        return new Table(figures, heads);
    }

    private Document element(String name, String words) {
        html.append('<').append(name).append('>').append(lines(words));
        html.append("</").append(name).append('>');
        return this;
    }

    /** A table under way; {@link #end} closes it. */
    final class Table {

        private final int words;

        private Table(int figures, String... heads) {
            this.words = heads.length - figures;
            html.append("<table class=\"rows\"><thead><tr>");
            for (int i = 0; i < heads.length; i++) {
                html.append("<th scope=\"col\"").append(side(i)).append(escaped(heads[i]));
                html.append("</th>");
            }
            html.append("</tr></thead><tbody>");
        }

        Table row(String... cells) {
            html.append("<tr>");
            for (int i = 0; i < cells.length; i++) {
                html.append("<td").append(side(i)).append(escaped(cells[i])).append("</td>");
            }
            html.append("</tr>");
            return this;
        }

        Document end() {
            html.append("</tbody></table>");
            return Document.this;
        }

        private String side(int column) {
            return column < words ? ">" : " class=\"money\">";
        }
    }

    /** {@code 1 May 2025}. */
    static String day(LocalDate day) {
        return day.format(DAY);
    }

    /** {@code £1,234.50}, or {@code -£1,234.50}. */
    static String pounds(Money amount) {
        Money size = amount.isNegative() ? amount.negated() : amount;
        String text = size.toString();
        String grouped = String.format(Locale.UK, "%,d", Long.parseLong(text.substring(0, text.length() - 3)));
        return (amount.isNegative() ? "-£" : "£") + grouped + text.substring(text.length() - 3);
    }

    /** What somebody wrote in several lines stays in several lines. */
    private static String lines(String text) {
        return text.strip().lines().map(Document::escaped).collect(Collectors.joining("<br/>"));
    }

    private static String escaped(String text) {
        return HtmlUtils.htmlEscape(printable(text), "UTF-8");
    }

    /** Without what no paper can show: control characters are no text. */
    private static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || c == 0xFFFE || c == 0xFFFF || (c >= 0xD800 && c <= 0xDFFF)
                        ? ' '
                        : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
