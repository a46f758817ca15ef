import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Pipeline

/// The style sheet and the scripts. An address with the current edition may be kept for ever.
struct AssetRoutes {
    let rooms: ServerRooms

    func asset(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let name = try context.parameters.require("name")
        guard let asset = rooms.pages.assets[name] else { throw DoorError.notFound("asset " + name) }
        let isEdition = request.query("v") == rooms.pages.edition
        var headers: HTTPFields = [
            .contentType: asset.contentType, .eTag: asset.tag,
            .cacheControl: isEdition ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if request.headers[.ifNoneMatch] == asset.tag { return Response(status: .notModified, headers: headers) }
        headers[.contentLength] = String(asset.bytes.count)
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}
