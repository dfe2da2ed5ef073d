package io.gatehouse.cluster.settings;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.gatehouse.platform.openapi.PatchOf;
import io.gatehouse.platform.settings.Setting;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Settings over HTTP. */
@Tag(name = "Settings")
@Controller("/api/v1/settings")
@Scope("settings")
@Secured(Role.ADMINISTRATOR)
final class SettingsController {

    private final SettingChanges settings;

    SettingsController(SettingChanges settings) {
        this.settings = settings;
    }

    /** Lists all settings, or those whose keys are given with commas between. */
    @Get
    @Operation(operationId = "listSettings")
    Page<ShownSetting> list(@Nullable @QueryValue String keys) {
        return new Page<>(settings.list(keys == null ? Setting.ALL : wanted(keys)), null);
    }

    /** Changes several settings at once, or none. Null brings a default back. */
    @Patch
    @Operation(operationId = "modifySettings")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    Page<ShownSetting> modify(
            @RequestBody(content = @Content(schema = @Schema(implementation = NewSettings.class)))
            @Body @PatchOf(NewSettings.class) MergePatch members,
            Actor actor) {
        return new Page<>(settings.patch(members, actor), null);
    }

    /** Tells of a setting. */
    @Get("/{key}")
    @Operation(operationId = "getSetting")
    ShownSetting show(String key) {
        return settings.get(existing(key));
    }

    /** Sets a value. */
    @Put("/{key}")
    @Operation(operationId = "putSetting")
    ShownSetting put(String key, @Body NewSettingValue wish, IfMatch condition, Actor actor) {
        var setting = existing(key);
        if (wish.value() == null) {
            throw Problem.invalidSecret("value", "A value is needed.");
        }
        return settings.set(setting, wish.value(), condition, actor);
    }

    /** Brings the default of a setting back. */
    @Delete("/{key}")
    @Operation(operationId = "resetSetting")
    @Status(HttpStatus.NO_CONTENT)
    void reset(String key, IfMatch condition, Actor actor) {
        settings.set(existing(key), null, condition, actor);
    }

    private static Setting<?> existing(String key) {
        return Setting.named(key).orElseThrow(() ->
                Problem.of(Problem.Kind.NOT_FOUND, "There is no such setting; there are " + known() + "."));
    }

    private static List<Setting<?>> wanted(String keys) {
        return Arrays.stream(keys.split(",", -1)).distinct().<Setting<?>>map(key -> Setting.named(key).orElseThrow(() ->
                Problem.invalid("keys", key, "There is no such setting; there are " + known() + "."))).toList();
    }

    private static String known() {
        return Setting.ALL.stream().map(Setting::key).collect(Collectors.joining(", "));
    }
}
