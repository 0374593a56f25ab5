package dev.eventshop.query.userprofile;

import dev.eventshop.access.Caller;
import dev.eventshop.access.Performs;
import dev.eventshop.query.http.Answers;
import dev.eventshop.query.http.ReadYourWrites;
import dev.eventshop.web.Problems;
import dev.eventshop.web.ReadAfter;
import dev.eventshop.web.UnknownId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Users")
class UserProfileController {

    private final UserProfileQueryHandler users;
    private final ReadYourWrites reads;

    UserProfileController(UserProfileQueryHandler users, ReadYourWrites reads) {
        this.users = users;
        this.reads = reads;
    }

    @GetMapping("/api/users/{id}")
    @Performs(FindUserProfile.class)
    @Operation(summary = "Shows one user; email and name are null when they were erased")
    @ApiResponse(responseCode = "200", description = "The user, with their version as ETag", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "304", description = "The client has that version")
    @UnknownId(code = KnownUsers.NOT_FOUND, detail = KnownUsers.NO_SUCH_USER)
    ResponseEntity<UserProfile> show(
            @Parameter(example = "7") @PathVariable int id,
            @Parameter(description = "ETag of the answer that the client has", example = "\"0\"")
                    @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false)
                    @Nullable
                    List<String> ifNoneMatch,
            ReadAfter after,
            Caller caller) {
        UserProfile user = reads.answer(
                        after, () -> users.handle(new FindUserProfile(id, users.viewer(caller))), KnownUsers.PROJECTION)
                .orElseThrow(() -> Problems.notFound(KnownUsers.NOT_FOUND, KnownUsers.NO_SUCH_USER));
        return Answers.versioned(user, user.version(), ifNoneMatch);
    }
}
