package dev.eventshop.benchmarks.stock;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
class UserView {

    @Id
    private int userId;

    private String email;
    private String fullName;

    protected UserView() {}

    UserView(int userId, String email, String fullName) {
        this.userId = userId;
        this.email = email;
        this.fullName = fullName;
    }
}
