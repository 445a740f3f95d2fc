package uk.directpayments.ledger.report;

import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import org.springframework.web.util.HtmlUtils;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/**
 * The one way in which the ledger writes a paper: an A4 PDF that a screen reader can read (PDF/UA: title, language, headings, tables with their
 * heads), with a typeface of its own inside. Names whom to turn to under each: {@code ledger.documents.council} and {@code .contact}.
 */
@Component
class DocumentPdf {

    static {
        // Else it writes to the console, past the log and its form: how long things took, and the texts that it
        // stumbles over.
        XRLog.setLoggingEnabled(false);
    }

    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    private static final String STYLE = """
            @page { size: A4; margin: 20mm 18mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 9pt Liberation; } }
            body { font: 12pt Liberation; color: #0b0c0c; line-height: 1.35; } h1 { font-size: 20pt; font-weight: normal; margin: 0 0 10pt; }
            h2 { font-size: 15pt; font-weight: normal; margin: 16pt 0 4pt; page-break-after: avoid; } p { margin: 0 0 8pt; }
            td, th { padding: 4pt 8pt 4pt 0; text-align: left; vertical-align: top; font-weight: normal; }
            table { border-collapse: collapse; width: 100%; margin: 0 0 10pt; -fs-table-paginate: paginate; } thead { display: table-header-group; }
            .facts th { width: 38%; color: #505a5f; } .rows { font-size: 10.5pt; } .rows thead th { border-bottom: 1pt solid #0b0c0c; }
            tr { border-bottom: 0.5pt solid #b1b4b6; page-break-inside: avoid; } .money { text-align: right; white-space: nowrap; padding-right: 0; padding-left: 8pt; }
            .notice { border-left: 4pt solid #0b0c0c; padding: 4pt 0 4pt 10pt; } .foot { margin-top: 22pt; border-top: 0.5pt solid #b1b4b6; padding-top: 8pt; }
            """;

    private final String council;
    private final String contact;
    private final Sealing sealing;

    DocumentPdf(
            @Value("${ledger.documents.council:The council}") String council,
            @Value("${ledger.documents.contact:the council’s direct payments team}") String contact,
            Sealing sealing) {
        this.council = council;
        this.contact = contact;
        this.sealing = sealing;
    }

    /** Whom to turn to, within a sentence. */
    String contact() {
        return contact;
    }

    /**
     * Refuses a paper about somebody whose name and reasons nobody can read any more.
     *
     * @throws RuleBroken {@code CONTENT_ERASED}
     */
    void requireReadable(String personId) {
        if (sealing.destroyed(personId)) {
            throw Sealing.erased();
        }
    }

    /**
     * The answer that holds a document.
     *
     * @param name of the file, without its ending
     * @param view pinned to the position that the document is of
     */
    ResponseEntity<StreamingResponseBody> answer(Document document, String name, View view) {
        String html = html(document);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_PDF)
                .header(HttpHeaders.CONTENT_DISPOSITION, "inline; filename=\"" + name + ".pdf\"")
                .header(Answers.POSITION, Long.toString(Objects.requireNonNull(view.atPosition())))
                .body(out -> write(html, out));
    }

    private String html(Document document) {
        String title = HtmlUtils.htmlEscape(document.title(), "UTF-8");
        return "<html lang=\"en-GB\"><head><title>" + title + "</title><meta name=\"subject\" content=\"" + title
                + "\"/><meta name=\"description\" content=\"" + title + "\"/><meta name=\"author\" content=\""
                + HtmlUtils.htmlEscape(council, "UTF-8") + "\"/><style>" + STYLE + "</style></head><body><p>"
                + HtmlUtils.htmlEscape(council, "UTF-8") + "</p>" + document.html()
                + "<p class=\"foot\">If you do not understand this paper, need it in another form (large print, easy read, another language),"
                + " or think that something in it is not right, tell " + HtmlUtils.htmlEscape(contact, "UTF-8")
                + ".</p></body></html>";
    }

    private static void write(String html, OutputStream out) throws IOException {
        PdfRendererBuilder pdf = new PdfRendererBuilder();
        pdf.useFastMode();
        pdf.usePdfUaAccessibility(true);
        pdf.useFont(DocumentPdf::font, "Liberation", 400, FontStyle.NORMAL, true);
        pdf.withHtmlContent(html, null);
        pdf.toStream(out);
        pdf.run();
    }

    private static InputStream font() {
        return Objects.requireNonNull(PDDocument.class.getResourceAsStream(FONT));
    }
}
