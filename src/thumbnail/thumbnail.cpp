#include "thumbnail/thumbnail.hpp"

#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include <vips/vips.h>

namespace parley::thumbnail {

namespace {

constexpr int quality = 78;  // of the WebP, out of 100

/// The decoders that are trusted with anybody's picture.
constexpr std::array<const char*, 5> loaders = {"VipsForeignLoadPng", "VipsForeignLoadJpeg",
                                                "VipsForeignLoadNsgif", "VipsForeignLoadWebp",
                                                "VipsForeignLoadHeif"};

struct Unreference {
    void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unreference>;

using Source = Owned<VipsSource>;
using Target = Owned<VipsTarget>;
using Image = Owned<VipsImage>;

bool is_trusted(const char* loader) {
    const std::string_view name(loader);
    for (const std::string_view trusted : loaders)
        if (name.starts_with(trusted)) return true;
    return false;
}

/// The picture, of which only the head has been read.
tl::expected<Image, Failure> open_picture(int picture_fd) {
    const Source source(vips_source_new_from_descriptor(picture_fd));
    if (!source) return tl::unexpected(Failure::unreadable);
    const char* const loader = vips_foreign_find_load_source(source.get());
    if (loader == nullptr || !is_trusted(loader)) return tl::unexpected(Failure::unsupported);
    Image image(vips_image_new_from_source(source.get(), "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                           VIPS_FAIL_ON_ERROR, nullptr));
    if (!image) return tl::unexpected(Failure::unreadable);
    return image;
}

PictureSize size_to_be_seen(VipsImage* image) {
    PictureSize size{.width = vips_image_get_width(image), .height = vips_image_get_height(image)};
    if (vips_image_get_orientation_swap(image) != 0) std::swap(size.width, size.height);
    return size;
}

/// Decodes. Not with vips_thumbnail_source, which is quicker with JPEG and takes what is cut short for whole.
bool write_thumbnail(VipsImage* image, int thumbnail_fd) {
    const Target target(vips_target_new_to_descriptor(thumbnail_fd));
    if (!target) return false;
    VipsImage* shrunk = nullptr;
    if (vips_thumbnail_image(image, &shrunk, thumbnail_side_max, "height", thumbnail_side_max, "size",
                             VIPS_SIZE_DOWN, nullptr) != 0)
        return false;
    const Image owned(shrunk);
    return vips_webpsave_target(shrunk, target.get(), "Q", quality, "strip", TRUE, nullptr) == 0;
}

}  // namespace

bool start() {
    if (VIPS_INIT("parley-thumbnail") != 0) return false;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (const auto* loader : loaders) vips_operation_block_set(loader, FALSE);
    return true;
}

tl::expected<PictureSize, Failure> make_thumbnail(int picture_fd, int thumbnail_fd, std::int64_t pixels_max) {
    const auto image = open_picture(picture_fd);
    if (!image) return tl::unexpected(image.error());
    const auto size = size_to_be_seen(image->get());
    if (std::int64_t{size.width} * size.height > pixels_max) return tl::unexpected(Failure::too_large);
    if (!write_thumbnail(image->get(), thumbnail_fd)) return tl::unexpected(Failure::unreadable);
    return size;
}

}  // namespace parley::thumbnail
