package dev.eventshop.command.user.web;

import dev.eventshop.access.Caller;
import dev.eventshop.access.Performs;
import dev.eventshop.access.audit.Audited;
import dev.eventshop.command.account.Account;
import dev.eventshop.command.http.Answers;
import dev.eventshop.command.http.ClientCommands;
import dev.eventshop.command.http.Form;
import dev.eventshop.command.http.InputLimits;
import dev.eventshop.command.http.ResourceIds;
import dev.eventshop.command.http.Write;
import dev.eventshop.command.ids.IdSequence;
import dev.eventshop.command.user.EmailAddress;
import dev.eventshop.command.user.ErasePersonalData;
import dev.eventshop.command.user.RegisterUser;
import dev.eventshop.events.user.UserId;
import dev.eventshop.web.ETags;
import dev.eventshop.web.UnknownId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/users")
@UnknownId(code = "USER_NOT_FOUND", detail = "There is no such user.")
class UserController {

    /** The languages that emails are written in; the first is the default. */
    private static final List<String> LANGUAGES = List.of("en", "vi");

    private final ClientCommands commands;
    private final IdSequence userIds;
    private final InputLimits limits;

    UserController(ClientCommands commands, IdSequence userIds, InputLimits limits) {
        this.commands = commands;
        this.userIds = userIds;
        this.limits = limits;
    }

    @PostMapping
    @Performs(RegisterUser.class)
    @Operation(
            summary = "Register a customer",
            description = "A customer registers themselves, once; staff register others")
    @ApiResponse(responseCode = "201", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "409", description = "EMAIL_TAKEN, ALREADY_REGISTERED")
    ResponseEntity<UserRegisteredAnswer> register(@RequestBody RegisterUserRequest request, Caller caller) {
        Form form = new Form();
        String email = form.text("email", request.email(), EmailAddress.MAX_LENGTH);
        if (request.email() != null && !EmailAddress.isValid(email)) {
            form.reject("email", "must be an email address, in ASCII");
        }
        String fullName = form.text("fullName", request.fullName(), limits.nameLength());
        String language = request.locale() == null ? LANGUAGES.get(0) : request.locale();
        if (!LANGUAGES.contains(language)) {
            form.reject("locale", "must be one of " + LANGUAGES);
        }
        form.check();

        Account account = caller.isStaff() ? null : new Account(caller.issuer(), caller.subject());
        return commands.answer(UserRegisteredAnswer.class, request, () -> {
            UserId id = new UserId(ResourceIds.next(userIds));
            return new Write<>(
                    new RegisterUser(id, new EmailAddress(email), fullName, language, account),
                    outcome ->
                            Answers.created("/api/users/" + id.value(), outcome, new UserRegisteredAnswer(id.value())));
        });
    }

    @DeleteMapping("/{id}/personal-data")
    @Audited
    @Performs(ErasePersonalData.class)
    @Operation(
            summary = "Erase a person",
            description = "Destroys the keys to their personal data, in all services and for good. Their orders stay. A"
                    + " customer erases themselves; an operator anybody")
    @ApiResponse(responseCode = "204", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "409", description = "USER_ERASED: the caller is, already")
    ResponseEntity<Void> erase(@PathVariable String id, ETags.Condition ifMatch) {
        return Answers.done(commands.send(new ErasePersonalData(new UserId(ResourceIds.parse("user", id))), ifMatch));
    }
}
