package dev.eventshop.notification.delivery.web;

import dev.eventshop.access.Performs;
import dev.eventshop.access.audit.Audited;
import dev.eventshop.notification.delivery.ledger.FindNotification;
import dev.eventshop.notification.delivery.ledger.FindNotificationPreview;
import dev.eventshop.notification.delivery.ledger.LedgerCommandHandler;
import dev.eventshop.notification.delivery.ledger.LedgerFilter;
import dev.eventshop.notification.delivery.ledger.LedgerItem;
import dev.eventshop.notification.delivery.ledger.LedgerPreview;
import dev.eventshop.notification.delivery.ledger.LedgerQueryHandler;
import dev.eventshop.notification.delivery.ledger.ListNotifications;
import dev.eventshop.notification.delivery.ledger.MailContent;
import dev.eventshop.notification.delivery.ledger.Notification;
import dev.eventshop.notification.delivery.ledger.NotificationKind;
import dev.eventshop.notification.delivery.ledger.NotificationStatus;
import dev.eventshop.notification.delivery.ledger.RetryNotification;
import dev.eventshop.notification.delivery.mail.Mailer;
import dev.eventshop.notification.delivery.mail.OutgoingMail;
import dev.eventshop.notification.delivery.template.MailTemplates;
import dev.eventshop.notification.person.Person;
import dev.eventshop.web.Cursor;
import dev.eventshop.web.Limit;
import dev.eventshop.web.Page;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import dev.eventshop.web.UnknownId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Min;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/notifications")
@Tag(name = "Notifications", description = "The ledger of emails")
@UnknownId(code = NotificationController.NOT_FOUND, detail = NotificationController.NO_SUCH_NOTIFICATION)
class NotificationController {

    static final String NOT_FOUND = "NOTIFICATION_NOT_FOUND";
    static final String NO_SUCH_NOTIFICATION = "There is no such notification.";

    private static final String LIST = "notifications";
    private static final String PERSONAL_DATA = "personalData";

    private final LedgerQueryHandler ledger;
    private final LedgerCommandHandler commands;
    private final MailTemplates templates;
    private final Mailer mailer;

    NotificationController(
            LedgerQueryHandler ledger, LedgerCommandHandler commands, MailTemplates templates, Mailer mailer) {
        this.ledger = ledger;
        this.commands = commands;
        this.templates = templates;
        this.mailer = mailer;
    }

    @GetMapping
    @Performs(ListNotifications.class)
    @Operation(summary = "Lists emails, newest first")
    @ApiResponse(responseCode = "200", description = "A page of the ledger")
    @ApiResponse(responseCode = "422", description = "INVALID_REQUEST: a parameter is none of the allowed values")
    Page<NotificationItem> list(
            @Parameter(description = "only emails to this user", example = "7")
                    @RequestParam(required = false)
                    @Min(1)
                    @Nullable
                    Integer userId,
            @Parameter(description = "only emails about this order", example = "17")
                    @RequestParam(required = false)
                    @Min(1)
                    @Nullable
                    Integer orderId,
            @Parameter(
                            description = "only emails in this state",
                            example = "SENT",
                            schema = @Schema(implementation = NotificationStatus.class))
                    @RequestParam(required = false)
                    @Nullable
                    String status,
            @Parameter(
                            description = "only emails of this kind",
                            example = "ORDER_STATUS",
                            schema = @Schema(implementation = NotificationKind.class))
                    @RequestParam(required = false)
                    @Nullable
                    String kind,
            @Parameter(description = "where the page before ended: its nextCursor")
                    @RequestParam(required = false)
                    @Nullable
                    String cursor,
            Limit limit) {
        Long before = Cursor.decode(cursor, LIST, 1, keys -> Long.valueOf(keys.get(0)));
        LedgerFilter filter = new LedgerFilter(
                userId,
                orderId,
                constant("status", NotificationStatus.values(), status),
                constant("kind", NotificationKind.values(), kind),
                before);
        List<LedgerItem> found = ledger.handle(new ListNotifications(filter, limit.plusOne()));
        boolean more = found.size() > limit.value();
        List<LedgerItem> shown = more ? found.subList(0, limit.value()) : found;
        String next = more
                ? Cursor.of(LIST, shown.get(shown.size() - 1).notificationId()).encode()
                : null;
        return new Page<>(
                shown.stream().map(item -> NotificationItem.of(item, templates)).toList(), next);
    }

    @GetMapping("/{id}")
    @Performs(FindNotificationPreview.class)
    @Audited(unlessFalse = PERSONAL_DATA)
    @Operation(
            summary = "Shows one email with its headers and words: as it was sent, or as it would be sent now",
            description = "Who asks is written to the audit, unless personalData is false.")
    @ApiResponse(responseCode = "200", description = "The email")
    @ApiResponse(responseCode = "404", description = "NOTIFICATION_NOT_FOUND")
    NotificationPreview show(
            @Parameter(example = "42") @PathVariable long id,
            @Parameter(
                            description =
                                    "false shows \"[masked]\" in place of name and address, in words that are made"
                                            + " anew")
                    @RequestParam(name = PERSONAL_DATA, defaultValue = "true")
                    boolean personalData) {
        LedgerPreview preview =
                ledger.handle(new FindNotificationPreview(id, personalData)).orElseThrow(() -> unknown());
        MailContent sent = preview.content() != null ? preview.content() : templates.write(preview.source());
        MailContent shown =
                personalData ? sent : templates.write(preview.source().masked());
        Map<String, String> headers = headers(preview, sent);
        if (headers != null && !personalData) {
            headers.put("To", Person.MASKED);
        }
        return new NotificationPreview(
                NotificationItem.of(preview.item(), templates), headers, shown.html(), shown.text());
    }

    private @Nullable Map<String, String> headers(LedgerPreview preview, MailContent content) {
        Notification source = preview.source();
        if (source.recipient() == null) {
            return null;
        }
        OutgoingMail mail = new OutgoingMail(
                source.id(), source.createdAt(), source.recipient(), MailTemplates.language(source.locale()), content);
        Map<String, String> headers = mailer.headers(mail, preview.handedOverAt());
        return headers.isEmpty() ? null : new LinkedHashMap<>(headers);
    }

    @PostMapping("/{id}/retry")
    @Audited
    @Performs(RetryNotification.class)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Sends a failed or uncertain email again")
    @ApiResponse(responseCode = "202", description = "It is due again")
    @ApiResponse(responseCode = "404", description = "NOTIFICATION_NOT_FOUND")
    @ApiResponse(responseCode = "409", description = "NOTIFICATION_NOT_RETRYABLE: it is neither failed nor uncertain")
    NotificationItem retry(@Parameter(example = "42") @PathVariable long id) {
        if (!commands.handle(new RetryNotification(id))) {
            LedgerItem item = ledger.handle(new FindNotification(id)).orElseThrow(() -> unknown());
            throw Problems.conflict(
                    "NOTIFICATION_NOT_RETRYABLE",
                    "Notification " + id + " is " + item.status()
                            + "; only a failed or uncertain one can be sent again.");
        }
        return NotificationItem.of(ledger.handle(new FindNotification(id)).orElseThrow(() -> unknown()), templates);
    }

    private static ProblemException unknown() {
        return Problems.notFound(NOT_FOUND, NO_SUCH_NOTIFICATION);
    }

    private static <E extends Enum<E>> @Nullable E constant(String parameter, E[] constants, @Nullable String name) {
        if (name == null) {
            return null;
        }
        return Arrays.stream(constants)
                .filter(constant -> constant.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Problems.invalid(parameter, "must be one of " + Arrays.toString(constants)));
    }
}
