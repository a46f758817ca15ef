import Ledger
import Pipeline

/// What the API's description says of its routes, in the order of the route table.
extension RouteNote {
    static let page = [
        Parameter("limit", "Items in a page; 50 if missing.", .limit),
        Parameter("cursor", "`next_cursor` of the page before."),
    ]

    static func text(_ summary: String) -> RouteNote { RouteNote(summary, .text) }

    static let signIn = RouteNote(
        "Signs a person in; the token goes into `Authorization: Bearer`.", .one("SignedIn"), body: "SignIn"
    )
    static let setup = RouteNote(
        "Makes the administrators of an installation that has nobody; answers with a token and one-time passwords.",
        .one("FinishedSetup"), body: "Administrators",
        status: 201
    )
    static let addConnector = RouteNote(
        "Connects an OA. A generic connector's secret is in the answer, and nowhere else.", .one("MadeConnector"),
        body: "NewConnector",
        status: 201
    )
    static let replaceSecret = RouteNote(
        "Replaces secrets. A generic connector gets a new one, in the answer; the old one is taken until it is retired.",
        .one("MadeConnector"), body: "NewSecrets", needsBody: false
    )
    static let addCompany = RouteNote(
        "Sets a company up: its book with open periods, chart and rule book. Automatic review is off.", .one("Company"),
        body: "NewCompany",
        status: 201
    )
    static let setConnectorMapping = RouteNote(
        "Puts a mapping into use as the next version; what waited for it is read again. The body is the mapping.",
        .one("ConnectorMapping"), body: "Mapping"
    )
    static let tryMapping = RouteNote(
        "Says what a mapping makes of a form; nothing is stored.", .one("MappingResult"), body: "MappingTrial"
    )
    static let openPeriod = RouteNote("Opens the next period; cases that waited for it go on.", .list("Period"))
    static let closePeriod = RouteNote(
        "Closes the first open period, once nothing waits for posting in it.", .list("Period"))
    static let addAccount = RouteNote(
        "Adds a sub-account; the account above takes no lines from then on.", .one("Account"), body: "NewAccount",
        status: 201
    )
    static let changePassword = RouteNote(
        "Replaces one's password; every session ends, and the answer carries the token of a new one.", .one("SignedIn"),
        body: "PasswordChange"
    )
    static let addPerson = RouteNote(
        "Makes a person without roles; the one-time password is in the answer, and nowhere else.", .one("AddedPerson"),
        body: "NewPerson", status: 201
    )
    static let resetPassword = RouteNote(
        "Gives a person another one-time password; every session ends.", .one("AddedPerson")
    )
    static let setRoles = RouteNote(
        "Says which roles a person holds in a book from now on; duties that must be kept apart are refused with 409.",
        .one("PersonFile"), body: "RoleList"
    )
    static let settings = RouteNote(
        "Changes settings of the book; what is left out stays. The log keeps them before and after.", .one("Settings"),
        body: "SettingsChange"
    )
    static let cases = RouteNote(
        "Cases, newest first.", .page("Case"),
        query: page + [
            Parameter("state", "States, with commas between them."),
            Parameter("step", "The step they stand at.", .choice(Step.allCases.map(\.rawValue))),
            Parameter("kind", "Kind of document."), Parameter("problem", "Code of the problem that holds them."),
            Parameter("q", "Part of number, title or applicant."),
        ]
    )
    static let endCase = RouteNote(
        "Ends a held case without a voucher; its invoices are free again.", .one("EndedCase"), body: "Ending"
    )
    static let revive = RouteNote("Tries a job again that was given up.", .one("QueuedJob"), status: 202)
    static let retry = RouteNote("Starts another run of a case that is held or waits.", .one("QueuedCase"), status: 202)
    static let vouchers = RouteNote(
        "Vouchers, newest first.", .page("Voucher"),
        query: page + [
            Parameter("state", "States, with commas between them."), Parameter("period", "YYYY-MM.", .period),
            Parameter("account", "Account code."), Parameter("q", "Part of number or summary."),
        ]
    )
    static let act = RouteNote(
        "Submits, approves, returns, signs, unapproves, posts, discards or reverses a voucher.", .one("Voucher"),
        body: "VoucherAct", needsBody: false
    )
    static let evidence = RouteNote(
        "Electronic vouchers, newest first.", .page("Evidence"),
        query: page + [Parameter("q", "Part of number, seller or file name.")]
    )
    static let original = RouteNote("The file exactly as it came.", .bytes)
    static let balances = RouteNote(
        "Trial balance of a period.", .one("Balances"),
        query: [Parameter("period", "YYYY-MM.", .period, isRequired: true)])
    static let account = RouteNote(
        "The lines of an account with the balance after each.", .one("AccountPage"),
        query: [Parameter("period", "YYYY-MM.", .period, isRequired: true)]
    )
    static let export = RouteNote(
        "The posted books as text for plain-text accounting programs.", .text,
        query: [
            Parameter("format", "hledger if missing.", .choice(LedgerExport.Format.allCases.map(\.rawValue))),
            Parameter("period", "YYYY-MM; all if missing.", .period),
        ]
    )
    static let items = RouteNote(
        "Dimension items.", .list("Item"), query: [Parameter("dimension", "Only those of this dimension.")]
    )
    static let setItem = RouteNote(
        "Creates or changes a dimension item; cases that waited for it go on.", .one("ChangedItem"), body: "ItemChange"
    )
    static let setMapping = RouteNote(
        "Says what an id of an OA means here; cases that waited for it go on.", .one("ChangedPartyMapping"),
        body: "PartyMappingChange"
    )
    static let deliveries = RouteNote(
        "What an OA delivered, newest first.", .page("Delivery"),
        query: page + [Parameter("connector", "Id of the connector.", isRequired: true)]
    )
    static let replay = RouteNote(
        "Works on a delivery again that became no case.", .one("QueuedDelivery"), body: "Replay", status: 202
    )
    static let log = RouteNote(
        "Log entries from a position on, with size and root of the log.", .one("LogPage"),
        query: [
            Parameter("cursor", "Position of the first entry; 0 if missing.", .position),
            Parameter("limit", "Entries in a page; 50 if missing.", .limit),
        ]
    )
}
