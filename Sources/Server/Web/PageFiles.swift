import Cryptography
import Foundation
package import Kernel
import Mustache

/// The files the pages are made of, read once when the server starts.
package struct PageFiles: Sendable {
    /// One file that browsers fetch as it is.
    package struct Asset: Sendable {
        package let bytes: [UInt8]
        package let contentType: String
        /// Changes whenever a byte of the file does.
        package let tag: String
    }

    private let templates: MustacheLibrary
    /// The names of the templates, without their endings.
    package let templateNames: [String]
    package let texts: [Language: PageTexts]
    /// By the last part of the address, such as `style.css`.
    package let assets: [String: Asset]
    /// The tag of all assets together, which pages put behind their addresses so that browsers may keep them.
    package let edition: String

    /// Reads `templates/`, `texts/`, `style.css` and `app.js` below a folder, and the scripts of others beside it.
    ///
    /// - Parameters:
    ///   - folder: the folder `Web` of the product.
    ///   - vendor: the folder of scripts that others wrote; it may be missing.
    package init(folder: String, vendor: String? = nil) throws {
        var templates = MustacheLibrary()
        var names: [String] = []
        for file in try Self.files(in: folder + "/templates") where file.hasSuffix(".mustache") {
            let name = String(file.dropLast(".mustache".count))
            let text = try Self.text(folder + "/templates/" + file)
            do {
                try templates.register(text, named: name)
            } catch {
                throw PageFilesError.template(name, reason: "\(error)")
            }
            names.append(name)
        }
        guard !names.isEmpty else { throw PageFilesError.missing(folder + "/templates") }
        self.templates = templates
        templateNames = names.sorted()

        var texts: [Language: PageTexts] = [:]
        for language in Language.allCases {
            let path = "\(folder)/texts/\(language.rawValue).json"
            do throws(JSONError) {
                texts[language] = PageTexts(try JSON(parsing: Self.bytesOrEmpty(path)))
            } catch {
                throw PageFilesError.texts(path, reason: error.problem.cause)
            }
        }
        self.texts = texts

        var assets: [String: Asset] = [:]
        for name in ["style.css", "app.js"] { assets[name] = try Self.asset(folder + "/" + name) }
        if let vendor, let files = try? Self.files(in: vendor) {
            for name in files where name.hasSuffix(".js") { assets[name] = try Self.asset(vendor + "/" + name) }
        }
        self.assets = assets
        let tags = assets.sorted { $0.key < $1.key }.map(\.value.tag).joined()
        edition = String(sha256(Array(tags.utf8)).hex.prefix(12))
    }

    /// Fills a template.
    package func render(_ template: String, _ view: JSON, in language: Language) throws -> String {
        var root = PageValue.members(of: view)
        root["t"] = texts[language]?.values ?? [:]
        guard let text = templates.render(root, withTemplate: template) else {
            throw PageFilesError.missing("templates/\(template).mustache")
        }
        return text
    }

    private static func files(in folder: String) throws(PageFilesError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw .missing(folder)
        }
    }

    private static func text(_ path: String) throws(PageFilesError) -> String {
        guard let text = String(validating: try bytes(path), as: UTF8.self) else { throw .missing(path) }
        return text
    }

    private static func bytes(_ path: String) throws(PageFilesError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw .missing(path) }
        return [UInt8](data)
    }

    /// An empty text is no JSON, so that a missing catalogue is refused like a broken one.
    private static func bytesOrEmpty(_ path: String) -> [UInt8] {
        FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
    }

    private static func asset(_ path: String) throws(PageFilesError) -> Asset {
        let bytes = try bytes(path)
        let type = path.hasSuffix(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"
        return Asset(bytes: bytes, contentType: type, tag: "\"" + sha256(bytes).hex.prefix(32) + "\"")
    }
}

/// Why the pages cannot be made from the files that are there.
package enum PageFilesError: Error, Hashable {
    case missing(String)
    case template(String, reason: String)
    case texts(String, reason: Phrase)
}

extension PageFilesError: Explainable {
    package var problem: Problem {
        switch self {
        case .missing(let path):
            Problem(
                code: "pages.missing",
                title: Phrase(zh: "缺少页面文件。", en: "A file of the pages is missing."),
                location: Phrase(zh: path, en: path),
                cause: Phrase(zh: "文件不存在或无法读取。", en: "It is not there, or cannot be read."),
                remedy: Phrase(zh: "请重新安装程序。", en: "Install the program again.")
            )
        case .template(let name, let reason):
            Problem(
                code: "pages.template",
                title: Phrase(zh: "页面模板有错误。", en: "A page template is wrong."),
                location: Phrase(zh: "templates/\(name).mustache", en: "templates/\(name).mustache"),
                cause: Phrase(zh: reason, en: reason),
                remedy: Phrase(zh: "请改正模板后重新启动。", en: "Correct the template and start again.")
            )
        case .texts(let path, let reason):
            Problem(
                code: "pages.texts",
                title: Phrase(zh: "界面文字目录读不出来。", en: "A catalogue of page texts cannot be read."),
                location: Phrase(zh: path, en: path),
                cause: reason,
                remedy: Phrase(zh: "请改正该文件后重新启动。", en: "Correct the file and start again.")
            )
        }
    }
}
