extension Migration {
    /// Until when a password that somebody was handed opens the door; empty for one its owner chose.
    package static let m009OneTimePasswords = Migration(
        version: 9, name: "one_time_passwords",
        statements: [.portable("ALTER TABLE people ADD COLUMN one_time_until BIGINT")]
    )
}
