import Access
import Hummingbird
import Kernel
import Pipeline

/// The table of contents: every address of the server, with the right it needs.
///
/// Routes are registered from this table and described from it; there is no other way in.
package enum ServerRoutes {
    package static func all(_ rooms: ServerRooms) -> [Route] {
        doors(rooms) + pages(rooms) + files(rooms) + api(rooms) + system(rooms)
    }

    private static func doors(_ rooms: ServerRooms) -> [Route] {
        let door = SignInPages(rooms: rooms)
        return [
            .page("/sign-in", .nothing, door.show),
            .form("/sign-in", .nothing, door.signIn),
            .form("/sign-out", .newcomer, door.signOut),
            .page("/password", .newcomer, door.password),
            .form("/password", .newcomer, door.changePassword),
            .form("/language", .nothing, door.language),
            .form("/book", .person, door.book),
            .page("/setup", .nothing, SetupPages(rooms: rooms).show),
            .form("/setup", .nothing, SetupPages(rooms: rooms).finish),
        ]
    }

    private static func pages(_ rooms: ServerRooms) -> [Route] {
        let cases = CasePages(rooms: rooms)
        let vouchers = VoucherPages(rooms: rooms)
        let evidence = EvidencePages(rooms: rooms)
        let originals = VoucherRoutes(rooms: rooms)
        let master = MasterPages(rooms: rooms)
        let ledger = LedgerPages(rooms: rooms)
        let office = OfficePages(rooms: rooms)
        let people = PeoplePages(rooms: rooms)
        let company = CompanyPages(rooms: rooms)
        let integration = ConnectorPages(rooms: rooms)
        let mapping = MappingPages(rooms: rooms)
        return [
            .page("/", .person, OverviewPage(rooms: rooms).show),
            .page("/cases", .right(.casesRead), cases.list),
            .page("/cases/{id}", .right(.casesRead), cases.show),
            .form("/cases/{id}/retry", .right(.caseRetry), cases.retry),
            .form("/cases/{id}/end", .right(.caseFix), cases.end),
            .page("/dead-letters", .right(.casesRead), cases.deadLetters),
            .form("/dead-letters", .right(.caseRetry), cases.revive),
            .form("/cases/{id}/map", .right(.mappingEdit), cases.map),
            .page("/vouchers", .right(.voucherRead), vouchers.list),
            .page("/vouchers/{id}", .right(.voucherRead), vouchers.show),
            // The desk asks for the right of the act itself.
            .form("/vouchers/{id}/act", .right(.voucherRead), vouchers.act),
            .form("/vouchers/{id}/reverse", .right(.voucherReverse), vouchers.reverse),
            .page("/evidence", .right(.evidenceRead), evidence.list),
            .page("/evidence/{id}", .right(.evidenceRead), evidence.show),
            .page("/evidence/{id}/original", .right(.evidenceRead), originals.original),
            .page("/balances", .right(.ledgerRead), ledger.balances),
            .page("/accounts/{code}", .right(.ledgerRead), ledger.account),
            .page("/master", .right(.masterdataRead), master.show),
            .form("/master/items", .right(.masterdataEdit), master.setItem),
            .form("/master/accounts", .right(.masterdataEdit), master.addAccount),
            .form("/master/mappings", .right(.mappingEdit), master.setMapping),
            .page("/connectors", .right(.connectorRead), office.connectors),
            .page("/connectors/new", .right(.connectorEdit), integration.form),
            .form("/connectors", .right(.connectorEdit), integration.add),
            .form("/connectors/active", .right(.connectorEdit), integration.setActive),
            .form("/connectors/secret", .right(.connectorEdit), integration.replaceSecret),
            .form("/connectors/check", .right(.connectorEdit), integration.check),
            .page("/connectors/mapping", .right(.connectorEdit), mapping.show),
            .form("/connectors/mapping", .right(.connectorEdit), mapping.set),
            .form("/connectors/mapping/try", .right(.connectorEdit), mapping.trial),
            .form("/connectors/retire", .right(.connectorEdit), integration.retireSecret),
            .form("/connectors/replay", .right(.deliveryReplay), office.replay),
            .page("/log", .right(.logRead), office.log),
            .page("/companies", .installation(.booksAdd), company.list),
            .form("/companies", .installation(.booksAdd), company.add),
            .page("/book", .right(.ledgerRead), company.book),
            .form("/book/settings", .right(.settingsEdit), company.set),
            .form("/book/period", .right(.periodClose), company.period),
            .page("/people", .installation(.usersRead), people.list),
            .form("/people", .installation(.usersEdit), people.add),
            .page("/people/{id}", .installation(.usersRead), people.show),
            .form("/people/{id}/active", .installation(.usersEdit), people.setActive),
            .form("/people/{id}/password", .installation(.usersEdit), people.resetPassword),
            .form("/people/{id}/roles", .installation(.rolesAssign), people.setRoles),
            .page("/events", .right(.casesRead), EventRoutes(rooms: rooms).stream),
        ]
    }

    private static func files(_ rooms: ServerRooms) -> [Route] {
        [.page("/assets/{name}", .nothing, AssetRoutes(rooms: rooms).asset)]
    }

    private static func api(_ rooms: ServerRooms) -> [Route] {
        let identity = IdentityRoutes(rooms: rooms)
        let cases = CaseRoutes(rooms: rooms)
        let vouchers = VoucherRoutes(rooms: rooms)
        let master = MasterDataRoutes(rooms: rooms)
        let ledger = LedgerRoutes(rooms: rooms)
        let people = PeopleRoutes(rooms: rooms)
        let settings = SettingsRoutes(rooms: rooms)
        let company = CompanyRoutes(rooms: rooms)
        let connectors = ConnectorRoutes(rooms: rooms)
        return [
            .post("/api/v1/setup", .nothing, .setup, company.setup),
            .get("/api/v1/companies", .person, .init("The companies one may see.", .list("Company")), company.list),
            .post("/api/v1/companies", .installation(.booksAdd), .addCompany, company.add),
            .get(
                "/api/v1/companies/choices", .installation(.booksAdd),
                .init("Charts and rule books that ship for a new company.", .one("CompanyChoices")), company.choices
            ),
            .get("/api/v1/book", .right(.ledgerRead), .init("The company of the book.", .one("Company")), company.show),
            .get(
                "/api/v1/periods", .right(.ledgerRead), .init("The periods, oldest first.", .list("Period")),
                company.periods),
            .post("/api/v1/periods/{period}/open", .right(.periodClose), .openPeriod, company.open),
            .post("/api/v1/periods/{period}/close", .right(.periodClose), .closePeriod, company.close),
            .put("/api/v1/master-data/accounts/{code}", .right(.masterdataEdit), .addAccount, company.addAccount),
            .post("/api/v1/sign-in", .nothing, .signIn, identity.signIn),
            .get("/api/v1/people/me", .newcomer, .init("Who one is, and what one may see.", .one("Me")), identity.me),
            .post("/api/v1/people/me/password", .newcomer, .changePassword, identity.changePassword),
            .get(
                "/api/v1/people", .installation(.usersRead), .init("Everybody, with the roles.", .list("PersonFile")),
                people.list),
            .post("/api/v1/people", .installation(.usersEdit), .addPerson, people.add),
            .get(
                "/api/v1/people/{id}", .installation(.usersRead), .init("One person.", .one("PersonFile")), people.show),
            .post(
                "/api/v1/people/{id}/disable", .installation(.usersEdit),
                .init("Keeps a person out; every session ends.", .one("PersonFile")), people.disable
            ),
            .post(
                "/api/v1/people/{id}/enable", .installation(.usersEdit),
                .init("Lets a person in again.", .one("PersonFile")), people.enable
            ),
            .post(
                "/api/v1/people/{id}/reset-password", .installation(.usersEdit), .resetPassword, people.resetPassword),
            .put("/api/v1/people/{id}/roles", .installation(.rolesAssign), .setRoles, people.setRoles),
            .get(
                "/api/v1/overview", .right(.casesRead),
                .init("How many cases stand where, and alerts.", .one("Overview")), cases.overview
            ),
            .get("/api/v1/cases", .right(.casesRead), .cases, cases.list),
            .get(
                "/api/v1/cases/{id}", .right(.casesRead),
                .init("One case with all that hangs on it.", .one("CaseFile")), cases.show),
            .post("/api/v1/cases/{id}/retry", .right(.caseRetry), .retry, cases.retry),
            .post("/api/v1/cases/{id}/end", .right(.caseFix), .endCase, cases.end),
            .get(
                "/api/v1/dead-letters", .right(.casesRead),
                .init("Jobs that were given up, oldest first, 200 at most.", .list("DeadLetter")),
                cases.deadLetters
            ),
            .post("/api/v1/dead-letters/{id}/revive", .right(.caseRetry), .revive, cases.revive),
            .get("/api/v1/vouchers", .right(.voucherRead), .vouchers, vouchers.list),
            .get(
                "/api/v1/vouchers/{id}", .right(.voucherRead), .init("One voucher with its lines.", .one("Voucher")),
                vouchers.show),
            // The desk asks for the right of the act itself.
            .post("/api/v1/vouchers/{id}/{act}", .right(.voucherRead), .act, vouchers.act),
            .get("/api/v1/evidence", .right(.evidenceRead), .evidence, vouchers.evidenceList),
            .get(
                "/api/v1/evidence/{id}", .right(.evidenceRead), .init("One electronic voucher.", .one("Evidence")),
                vouchers.evidence),
            .get("/api/v1/evidence/{id}/original", .right(.evidenceRead), .original, vouchers.original),
            .get("/api/v1/balances", .right(.ledgerRead), .balances, ledger.balances),
            .get("/api/v1/accounts/{code}", .right(.ledgerRead), .account, ledger.account),
            .get("/api/v1/ledger/export", .right(.ledgerExport), .export, ledger.export),
            .get(
                "/api/v1/master-data/accounts", .right(.masterdataRead),
                .init("The chart of accounts.", .list("Account")), master.chart),
            .get("/api/v1/master-data/items", .right(.masterdataRead), .items, master.items),
            .put("/api/v1/master-data/items/{dimension}/{code}", .right(.masterdataEdit), .setItem, master.setItem),
            .get(
                "/api/v1/master-data/mappings", .right(.mappingRead),
                .init("What OAs call the items.", .list("PartyMapping")), master.mappings
            ),
            .put("/api/v1/master-data/mappings", .right(.mappingEdit), .setMapping, master.setMapping),
            .get(
                "/api/v1/settings", .right(.casesRead),
                .init("How the book keeps duties apart, reviews and posts.", .one("Settings")), settings.show
            ),
            .put("/api/v1/settings", .right(.settingsEdit), .settings, settings.change),
            .get(
                "/api/v1/rule-books", .right(.rulesRead), .init("Every version of the rule books.", .list("RuleBook")),
                master.ruleBooks),
            .get(
                "/api/v1/connectors", .right(.connectorRead),
                .init("The connectors, without their secrets.", .list("Connector")),
                connectors.list
            ),
            .get(
                "/api/v1/connectors/kinds", .right(.connectorRead),
                .init("The kinds, and what each asks for.", .list("ConnectorKind")),
                connectors.kinds
            ),
            .post("/api/v1/connectors", .right(.connectorEdit), .addConnector, connectors.add),
            .get(
                "/api/v1/connectors/{id}", .right(.connectorRead), .init("One connector.", .one("Connector")),
                connectors.show),
            .post(
                "/api/v1/connectors/{id}/disable", .right(.connectorEdit),
                .init("Takes a connector out of use; what it received stays.", .one("Connector")), connectors.disable
            ),
            .post(
                "/api/v1/connectors/{id}/enable", .right(.connectorEdit),
                .init("Takes it into use again.", .one("Connector")),
                connectors.enable
            ),
            .post(
                "/api/v1/connectors/{id}/check", .right(.connectorEdit),
                .init("Tries the setting at the vendor, and orders its events there.", .one("Reached")),
                connectors.check
            ),
            .get(
                "/api/v1/connectors/{id}/mapping", .right(.connectorRead),
                .init("How its forms become documents.", .one("ConnectorMapping")),
                connectors.mapping
            ),
            .put(
                "/api/v1/connectors/{id}/mapping", .right(.connectorEdit), .setConnectorMapping, connectors.setMapping),
            .post("/api/v1/connectors/{id}/mapping/try", .right(.connectorEdit), .tryMapping, connectors.tryMapping),
            .post("/api/v1/connectors/{id}/secret", .right(.connectorEdit), .replaceSecret, connectors.replaceSecret),
            .post(
                "/api/v1/connectors/{id}/retire-secret", .right(.connectorEdit),
                .init("Takes only the newest secret from now on.", .one("Connector")), connectors.retireSecret
            ),
            .get("/api/v1/deliveries", .right(.connectorRead), .deliveries, identity.deliveries),
            .post("/api/v1/deliveries/replay", .right(.deliveryReplay), .replay, identity.replay),
            .get("/api/v1/log", .right(.logRead), .log, identity.log),
            .get(
                "/api/v1/schemas/{name}", .nothing, .init("A published JSON schema.", .one("JSONDocument")),
                SystemRoutes(rooms: rooms).schema
            ),
        ]
    }

    private static func system(_ rooms: ServerRooms) -> [Route] {
        let system = SystemRoutes(rooms: rooms)
        return [
            .get("/healthz", .nothing, .text("The process is alive."), system.alive),
            .get("/readyz", .nothing, .text("The node can take work; 503 with reasons otherwise."), system.ready),
            .get("/version", .nothing, .init("The version of the program.", .one("Version")), system.version),
            .get("/metrics", .installation(.metricsRead), .text("Figures for Prometheus."), system.metrics),
            .get("/api/openapi.json", .nothing, .init("This description.", .one("JSONDocument")), system.description),
            .get("/in/{connector}", .nothing, .text("An OA checks its callback address."), system.receive),
            .post("/in/{connector}", .nothing, .text("An OA's delivery, signed as its vendor does."), system.receive),
        ]
    }
}
