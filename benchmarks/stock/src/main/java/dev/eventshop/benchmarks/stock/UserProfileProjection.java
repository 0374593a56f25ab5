package dev.eventshop.benchmarks.stock;

import dev.eventshop.events.user.UserRegisteredEvent;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

@Component
@ProcessingGroup("user-profile")
class UserProfileProjection {

    private final UserViews users;

    UserProfileProjection(UserViews users) {
        this.users = users;
    }

    @EventHandler
    void on(UserRegisteredEvent event) {
        users.save(new UserView(event.userId(), event.email(), event.fullName()));
    }
}
