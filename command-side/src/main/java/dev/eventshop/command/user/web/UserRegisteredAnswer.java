package dev.eventshop.command.user.web;

import io.swagger.v3.oas.annotations.media.Schema;

/** Answer to {@code POST /api/users}. */
record UserRegisteredAnswer(@Schema(example = "3") int userId) {}
