import ArgumentParser

/// `pingqiao <noun> <verb>`: the command line of 凭桥.
@main
struct Pingqiao: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pingqiao",
        abstract: "凭桥: from approvals in the OA to vouchers in the books.",
        version: Composition.version,
        subcommands: [
            DemoCommand.self, ServeCommand.self, EvidenceCommand.self, RuleCommand.self, DecisionCommand.self,
            OACommand.self, LedgerCommand.self, LogCommand.self, SignInCommand.self, UserCommand.self, BookCommand.self,
            CompanyCommand.self,
            PeriodCommand.self, ConnectorCommand.self, DoctorCommand.self,
        ]
    )
}
