/// What a decision table answers when several rules match (命中策略; DMN 1.5, section 8.2.8).
package enum HitPolicy: Hashable, Sendable {
    /// At most one rule may match.
    case unique
    /// Several may match if they say the same.
    case any
    /// The rule whose outputs come first in the allowed values.
    case priority
    /// The first rule that matches.
    case first
    /// All, in the order of the rules.
    case ruleOrder
    /// All, in the order of the allowed values.
    case outputOrder
    /// All, as a list, or what is made of them.
    case collect(Aggregation?)

    package enum Aggregation: Hashable, Sendable {
        case sum
        case min
        case max
        case count
    }

    /// Reads `U`, `C+` or the words of DMN, such as `RULE ORDER`.
    package init?(_ text: String) {
        switch text.uppercased() {
        case "U", "UNIQUE", "": self = .unique
        case "A", "ANY": self = .any
        case "P", "PRIORITY": self = .priority
        case "F", "FIRST": self = .first
        case "R", "RULE ORDER": self = .ruleOrder
        case "O", "OUTPUT ORDER": self = .outputOrder
        case "C", "COLLECT": self = .collect(nil)
        case "C+", "COLLECT SUM": self = .collect(.sum)
        case "C<", "COLLECT MIN": self = .collect(.min)
        case "C>", "COLLECT MAX": self = .collect(.max)
        case "C#", "COLLECT COUNT": self = .collect(.count)
        default: return nil
        }
    }
}
