package dev.eventshop.command.user.web;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/users}; nothing is checked yet. */
record RegisterUserRequest(
        @Schema(
                example = "ada@example.com",
                description = "In ASCII; unique without regard to case",
                requiredMode = RequiredMode.REQUIRED)
        @Nullable
        String email,

        @Schema(example = "Ada Lovelace", requiredMode = RequiredMode.REQUIRED) @Nullable
        String fullName,

        @Schema(
                example = "vi",
                description = "Language of the emails",
                allowableValues = {"en", "vi"},
                defaultValue = "en")
        @Nullable
        String locale) {}
