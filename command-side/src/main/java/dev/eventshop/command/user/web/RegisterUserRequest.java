package dev.eventshop.command.user.web;

import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/users}; nothing is checked yet. */
record RegisterUserRequest(
        @Nullable String email,
        @Nullable String fullName,
        @Nullable String locale) {}
