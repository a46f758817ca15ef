extension Migration {
    /// Finds the deliveries that wait for a person without reading those that went on.
    package static let m012HeldDeliveries = Migration(
        version: 12, name: "held_deliveries",
        statements: [
            .portable("CREATE INDEX inbox_keys_held ON inbox_keys (book_id, received_at) WHERE state = 'held'")
        ]
    )
}
