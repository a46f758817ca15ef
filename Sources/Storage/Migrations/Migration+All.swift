extension Migration {
    /// Every step of the schema, in order. A new one is a file beside this one and a line here.
    package static let all: [Migration] = [
        .m001Log, .m002Books, .m003MasterData, .m004Installation, .m005Intake, .m006Cases, .m007Evidence, .m008Ledger,
        .m009OneTimePasswords, .m010Fetched, .m011JobsByKind, .m012HeldDeliveries,
    ]
}
