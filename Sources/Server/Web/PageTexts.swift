import Kernel

/// The fixed words of the pages in one language.
package struct PageTexts: Sendable {
    private let json: JSON
    /// As templates see them: `{{t.nav.cases}}`.
    let values: [String: any Sendable]

    init(_ json: JSON) {
        self.json = json
        values = PageValue.members(of: json)
    }

    /// The text of a key such as `state.held`; the last part itself where the catalogue has none.
    func text(_ group: String, _ key: String) -> String {
        json[group]?[key]?.string ?? key
    }

    /// The text of a key, or `nil`.
    func find(_ group: String, _ key: String) -> String? { json[group]?[key]?.string }
}
