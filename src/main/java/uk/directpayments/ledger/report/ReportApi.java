package uk.directpayments.ledger.report;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Tells;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;
import uk.directpayments.ledger.spending.FlagState;
import uk.directpayments.ledger.spending.Severity;

/** {@code GET /reports/{name}}: any report in any format, streamed. API: Reports. */
@RestController
@RequestMapping("/api/v1/reports")
class ReportApi {

    private final Reports reports;

    ReportApi(Reports reports) {
        this.reports = reports;
    }

    /**
     * The whole of a report or, where {@code limit} or {@code cursor} ask for it, a page of it in JSON, with the totals of the whole; whatever
     * refuses it does so before its first row, or cuts the connection.
     */
    @Tells(Tells.Of.EVERYBODY)
    @GetMapping("/{name}")
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(mediaType = ReportFormat.JSON_TYPE),
                @Content(mediaType = ReportFormat.CSV_TYPE),
                @Content(mediaType = ReportFormat.XLSX_TYPE)
            })
    void report(
            @PathVariable String name,
            @RequestParam(defaultValue = "json") String format,
            @RequestParam(required = false) @Nullable @Id String accountId,
            @RequestParam(required = false) @Nullable @Id String budgetId,
            @RequestParam(required = false) @Nullable @Id String personId,
            @RequestParam(required = false) @Nullable @Id String organisationId,
            @RequestParam(required = false) @Nullable FlagState state,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @Nullable Severity severity,
            @RequestParam(required = false) @Nullable Basis basis,
            @RequestParam(required = false) @Nullable LocalDate from,
            @RequestParam(required = false) @Nullable LocalDate to,
            @RequestParam(required = false) Question.@Nullable By by,
            View view,
            Paging paging,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Report report =
                reports.named(name).orElseThrow(() -> new RuleBroken("REPORT_NOT_FOUND", "There is no such report."));
        ReportFormat wanted = ReportFormat.of(format);
        Paging page = page(wanted, paging, request);
        Question asked = new Question(
                reports.pinned(page == null ? view : page.view()),
                new Question.Filters(
                        accountId,
                        budgetId,
                        personId,
                        organisationId,
                        state,
                        reason,
                        severity,
                        basis,
                        Question.Period.of(from, to),
                        by));
        asked.requireHeededBy(report);
        Answer answer = new Answer(report, wanted, asked.view(), page, response);
        report.rows(asked, answer::row);
        answer.end();
    }

    /**
     * The page that is asked for, or null if it is the whole.
     *
     * @throws RuleBroken {@code FIELD_UNKNOWN} where there are no pages
     */
    private static @Nullable Paging page(ReportFormat wanted, Paging paging, HttpServletRequest request) {
        for (String parameter : List.of("limit", "cursor")) {
            if (request.getParameter(parameter) != null) {
                if (wanted != ReportFormat.JSON) {
                    throw new RuleBroken(
                            "FIELD_UNKNOWN", "Only json comes in pages; a file has the whole report.", parameter);
                }
                return paging;
            }
        }
        return null;
    }

    /**
     * An answer under way: nothing of it is written before the first row is there. Of a page the rows before and after it count in the totals
     * alone; its place in the report is the number of rows up to its end.
     */
    private static final class Answer {

        private final ReportHead head;
        private final ReportFormat format;
        private final HttpServletResponse response;
        private final Totals totals;
        private final @Nullable Paging page;
        private final long begin;
        private final long end;
        private long rows;
        private @Nullable ReportWriter writer;

        private Answer(
                Report report, ReportFormat format, View pinned, @Nullable Paging page, HttpServletResponse response) {
            this.head = new ReportHead(
                    report.name(),
                    pinned.asOf(),
                    pinned.knownAt(),
                    Objects.requireNonNull(pinned.atPosition()),
                    report.columns());
            this.format = format;
            this.response = response;
            this.totals = new Totals(report.columns());
            this.page = page;
            this.begin = page == null || page.after() == null ? 0 : Long.parseLong(page.after());
            this.end = page == null ? Long.MAX_VALUE : begin + page.limit();
        }

        private void row(Row row) {
            totals.add(row);
            long number = rows++;
            if (number >= begin && number < end) {
                try {
                    writer().row(row);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private void end() throws IOException {
            writer().end(totals, page == null || rows <= end ? null : page.next(Long.toString(end)));
        }

        private ReportWriter writer() throws IOException {
            ReportWriter begun = writer;
            if (begun == null) {
                response.setContentType(format.mediaType());
                response.setHeader(Answers.POSITION, Long.toString(head.position()));
                if (format != ReportFormat.JSON) {
                    String file = head.report() + "-" + head.asOf() + "." + format.word();
                    response.setHeader("Content-Disposition", "attachment; filename=\"" + file + "\"");
                }
                begun = format.open(response.getOutputStream(), head);
                writer = begun;
            }
            return begun;
        }
    }
}
