import Access
import Kernel

/// Whose own claim a voucher books: the applicant, and the employee who is paid (SOD-09).
struct ClaimOwners {
    private struct Owner {
        let name: String?
        let item: MasterItem?
    }

    private let owners: [Owner]

    init(of document: Document, in directory: PartyDirectory) {
        owners = ["applicant", "payee"].compactMap { role in
            guard let party = document.json[role], let id = party["id"]?.string else { return nil }
            let item = directory.item(
                dimension: "人员", connector: document.approval.connector, vendorID: id, code: party["code"]?.string
            )
            // A payee who is no employee is a supplier or a customer.
            guard item != nil || role == "applicant" else { return nil }
            return Owner(name: party["name"]?.string, item: item)
        }
    }

    /// Whether somebody is one of them.
    ///
    /// The login in the employee's master data decides. Where there is none, the same name or number counts as the same
    /// person: to ask a colleague costs less than a claim that went through the claimant's own hands.
    func include(_ person: Person) -> Bool {
        owners.contains { owner in
            if let login = owner.item?.attributes["login"]?.string { return login.lowercased() == person.login }
            return owner.item?.code.lowercased() == person.login || (owner.item?.name ?? owner.name) == person.name
        }
    }
}
